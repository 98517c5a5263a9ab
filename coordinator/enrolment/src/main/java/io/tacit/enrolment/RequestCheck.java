package io.tacit.enrolment;

/** Whether a request for certification holds: the key it proves, or why not. */
sealed interface RequestCheck permits CertificateRequest, Refused {}
