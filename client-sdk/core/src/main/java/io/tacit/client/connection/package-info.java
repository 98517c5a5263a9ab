/**
 * The way to the coordinator. Door: {@link io.tacit.client.connection.CoordinatorConnection}, in
 * values of the domain, of which {@link io.tacit.client.connection.GrpcCoordinatorConnection} is
 * the one that crosses a network. The only package of the client that knows gRPC and generated
 * messages; it must not know behaviour, features, or what an update means.
 */
@Internal
@NullMarked
package io.tacit.client.connection;

import io.tacit.protocol.Internal;
import org.jspecify.annotations.NullMarked;
