/** Real processes: the packaged coordinator, devices over gRPC, the command line, and kill -9. */
@NullMarked
package io.tacit.e2e;

import org.jspecify.annotations.NullMarked;
