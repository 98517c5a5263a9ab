package io.tacit.enrolment;

/** Whether a bootstrap token holds: its claims, or why not. */
sealed interface TokenCheck permits BootstrapToken, Refused {}
