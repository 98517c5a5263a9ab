/**
 * The training plan: all that coordinator and devices agree on for the rounds of one model. Door:
 * {@link io.tacit.protocol.plan.TrainingPlan}, which checks every range and the fit of its parts,
 * and owns its wire form. Each part is a record whose constructor refuses what can not work and
 * says which field, its value, the allowed range and the remedy.
 */
@NullMarked
package io.tacit.protocol.plan;

import org.jspecify.annotations.NullMarked;
