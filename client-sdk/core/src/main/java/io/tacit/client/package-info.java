/**
 * The client that an app embeds. Door: {@link io.tacit.client.TacitClient}, beside the values that
 * it takes and gives. Puts the packages below together and owns what only the whole client knows:
 * threads, listeners, and the words of its status. No package below may know it.
 */
@NullMarked
package io.tacit.client;

import org.jspecify.annotations.NullMarked;
