/**
 * When a client takes part by itself. Door: {@link io.tacit.client.schedule.Schedule}, an interface
 * because every platform has its own scheduler; {@link io.tacit.client.schedule.TimerSchedule} is
 * the one for a JVM that stays up. Must not know what a run does.
 */
@NullMarked
package io.tacit.client.schedule;

import org.jspecify.annotations.NullMarked;
