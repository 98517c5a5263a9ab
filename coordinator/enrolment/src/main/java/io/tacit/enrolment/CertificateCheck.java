package io.tacit.enrolment;

/** Whether a certificate may be trusted now: the certificate, or why not. */
public sealed interface CertificateCheck permits DeviceCertificate, Refused {}
