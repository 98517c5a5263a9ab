package io.tacit.coordinator.service.admin;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.lang.reflect.RecordComponent;
import java.util.Set;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/**
 * Says once, for every operation that the API describes, that a refusal is a {@link Problem}: an
 * operation itself says with which status and why.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class ProblemResponses implements OASFilter {

  private static final String NAME = "Problem";

  /** Of who is not signed in, or may not: answered before there is a request to speak of. */
  private static final Set<String> WITHOUT_BODY = Set.of("401", "403");

  @Override
  public void filterOpenAPI(OpenAPI description) {
    description.getComponents().addSchema(NAME, schema());
  }

  private static Schema schema() {
    Schema schema =
        OASFactory.createSchema()
            .description("What went wrong with a request (RFC 9457).")
            .addType(Schema.SchemaType.OBJECT);
    for (RecordComponent component : Problem.class.getRecordComponents()) {
      boolean isText = component.getType() == String.class;
      schema.addProperty(
          component.getName(),
          OASFactory.createSchema()
              .addType(isText ? Schema.SchemaType.STRING : Schema.SchemaType.INTEGER));
    }
    return schema;
  }

  @Override
  public Operation filterOperation(Operation operation) {
    operation
        .getResponses()
        .getAPIResponses()
        .forEach(
            (status, response) -> {
              if (status.startsWith("4") && !WITHOUT_BODY.contains(status)) {
                describe(response);
              }
            });
    return operation;
  }

  private static void describe(APIResponse response) {
    Content content = OASFactory.createContent();
    content.addMediaType(
        Problem.MEDIA_TYPE,
        OASFactory.createMediaType()
            .schema(OASFactory.createSchema().ref("#/components/schemas/" + NAME)));
    response.setContent(content);
  }
}
