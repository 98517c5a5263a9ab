/**
 * Apps that embed the client, as programs of their own: the class path of {@code tacit-client} and
 * nothing else, and of that its public API. They print what happens line by line, for a test to
 * read and to end them at any moment. Must not know the rest of these tests.
 */
@NullMarked
package io.tacit.e2e.app;

import org.jspecify.annotations.NullMarked;
