/**
 * Reports as pages to look at: no script, no address to fetch anything from, readable in light and
 * dark and on paper. Door: {@link io.tacit.cli.page.Page}; charts are {@link
 * io.tacit.cli.page.LineChart} and {@link io.tacit.cli.page.BarChart}. Knows nothing of what is
 * reported.
 */
@NullMarked
package io.tacit.cli.page;

import org.jspecify.annotations.NullMarked;
