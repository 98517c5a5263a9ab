/**
 * The REST API under {@code /api/v1}: plans, catalogues, models, the history of rounds and the
 * audit log, for people and tools. One resource class per noun; each operation names the role that
 * it needs, and one without is refused. Errors are {@code application/problem+json} and are made in
 * one place, {@code ProblemMapper}; what changes something, or was forbidden, is recorded in one
 * place, {@code AuditTrail}. Applies plans and reads; moves no round.
 */
@NullMarked
package io.tacit.coordinator.service.admin;

import org.jspecify.annotations.NullMarked;
