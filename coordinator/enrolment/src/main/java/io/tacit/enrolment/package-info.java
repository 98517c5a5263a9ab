/**
 * The certificate authority for devices: who may take part. It takes a one-time token of the app's
 * backend and a request that proves possession of a key, and gives a certificate that names neither
 * user nor account. Door: {@link io.tacit.enrolment.EnrolmentAuthority}; who only verifies
 * certificates needs {@link io.tacit.enrolment.CertificateVerifier}. {@link
 * io.tacit.enrolment.ServerCredentials}, which says who a server is, has an authority of its own.
 * It must not know the coordinator, whose operator it may have to be kept from, nor any transport:
 * the edges bring bytes and take outcomes.
 */
@NullMarked
package io.tacit.enrolment;

import org.jspecify.annotations.NullMarked;
