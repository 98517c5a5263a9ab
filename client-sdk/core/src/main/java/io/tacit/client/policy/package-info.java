/**
 * What an app allows, whatever a coordinator asks for. Door: {@link
 * io.tacit.client.policy.ClientPolicy}. Values only; whoever offers work checks it against them.
 */
@NullMarked
package io.tacit.client.policy;

import org.jspecify.annotations.NullMarked;
