/**
 * The REST API under {@code /api/v1}: plans, catalogues, models and the history of rounds, for
 * people and tools. One resource class per noun; errors are {@code application/problem+json} and
 * are made in one place, {@code ProblemMapper}. Applies plans and reads; moves no round.
 */
@NullMarked
package io.tacit.coordinator.service.admin;

import org.jspecify.annotations.NullMarked;
