package io.tacit.coordinator.service.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.protocol.model.ModelParameters;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A version of a plan's model.
 *
 * @param plan whose model
 * @param version 0 for the initial parameters, then 1, 2, 3, ...
 * @param round that made it; 0 for the initial parameters
 * @param hash of its file
 * @param parent version that it was made from; missing for version 0
 * @param optimiserState hash of the server optimiser's state behind it; missing if there is none
 * @param parameters d
 * @param clients updates that went into it
 * @param meanLoss what they reported; missing for version 0
 * @param bytes of its file
 * @param createdAt when
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Model")
record ModelView(
    String plan,
    int version,
    long round,
    String hash,
    @Nullable Integer parent,
    @Nullable String optimiserState,
    int parameters,
    int clients,
    @Nullable Double meanLoss,
    long bytes,
    Instant createdAt) {

  static ModelView of(ModelVersion model) {
    return new ModelView(
        model.plan().value(),
        model.version(),
        model.round(),
        model.hash().toHex(),
        model.parent(),
        model.optimiserState() == null ? null : model.optimiserState().toHex(),
        model.parameters(),
        model.clients(),
        model.meanLoss(),
        ModelParameters.fileBytes(model.parameters()),
        model.createdAt());
  }
}
