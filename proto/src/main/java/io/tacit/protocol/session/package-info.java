/**
 * The signed messages of a session, as values: built and checked alike on both sides. A message is
 * signed once and its bytes travel, are stored and are hashed verbatim. Knows nothing of transport.
 */
@NullMarked
package io.tacit.protocol.session;

import org.jspecify.annotations.NullMarked;
