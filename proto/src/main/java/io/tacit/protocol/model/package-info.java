/**
 * What a model is, as data: {@link io.tacit.protocol.model.ModelSpecification} describes it, {@link
 * io.tacit.protocol.model.ParameterLayout} says which float stands where, {@link
 * io.tacit.protocol.model.ModelParameters} holds the floats and their file format. Knows nothing of
 * how a model is trained or scored.
 */
@NullMarked
package io.tacit.protocol.model;

import org.jspecify.annotations.NullMarked;
