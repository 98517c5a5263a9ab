/**
 * What privacy costs in quality: the same training at several epsilons. Door: {@link
 * io.tacit.simulation.privacy.PrivacyCurve}.
 */
@NullMarked
package io.tacit.simulation.privacy;

import org.jspecify.annotations.NullMarked;
