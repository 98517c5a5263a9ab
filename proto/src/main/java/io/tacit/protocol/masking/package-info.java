/**
 * The arithmetic of secure aggregation (SA-1), which devices and the coordinator do alike: who is
 * in a session ({@link io.tacit.protocol.masking.MemberSet}), what they have in common ({@link
 * io.tacit.protocol.masking.SessionTranscript}), which keys come of it ({@link
 * io.tacit.protocol.masking.KeySchedule}), how secrets are shared and found again ({@link
 * io.tacit.protocol.masking.ShamirSharing}, {@link io.tacit.protocol.masking.ReedSolomonDecoder})
 * and how lanes are masked ({@link io.tacit.protocol.masking.MaskStream}). Knows nothing of
 * messages, stages or transport.
 */
@NullMarked
package io.tacit.protocol.masking;

import org.jspecify.annotations.NullMarked;
