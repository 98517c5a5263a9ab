/**
 * The coordinator's REST API as a client sees it. Door: {@link io.tacit.cli.rest.CoordinatorApi};
 * it answers with the JSON that the coordinator sent. Knows nothing of commands.
 */
@NullMarked
package io.tacit.cli.rest;

import org.jspecify.annotations.NullMarked;
