/**
 * Who may do what through the REST API: three roles, and two ways to prove that one is somebody. By
 * default one admin token, made and printed at the first start; in production tokens of an OpenID
 * Connect issuer. Doors: {@link io.tacit.coordinator.service.people.Roles} for what an operation
 * needs, {@link io.tacit.coordinator.service.people.Person} for who is asking. Knows no operation.
 */
@NullMarked
package io.tacit.coordinator.service.people;

import org.jspecify.annotations.NullMarked;
