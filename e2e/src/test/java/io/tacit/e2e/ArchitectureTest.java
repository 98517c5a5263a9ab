package io.tacit.e2e;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import io.tacit.client.connection.PinnedTrust;
import io.tacit.protocol.Internal;
import io.tacit.protocol.privacy.RandomBits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What may depend on what, over the classes of all modules. The text of a failing rule names the
 * remedy. Rules about packages that do not exist yet hold trivially.
 */
@AnalyzeClasses(packages = "io.tacit", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String MESSAGES = "io.tacit.protocol.v1..";

  // ---- the rules see the whole tree ----

  @ArchTest
  static void every_source_file_is_analysed(JavaClasses classes) throws IOException {
    Path root = Path.of(System.getProperty("tacit.root"));
    List<Path> modules;
    try (Stream<Path> directories = Files.walk(root, 3)) {
      modules = directories.filter(path -> path.endsWith("src/main")).toList();
    }
    assertThat(modules).isNotEmpty();
    for (Path module : modules) {
      assertThat(topLevelClasses(module.resolve("java")))
          .as(
              "classes of %s on the class path of e2e; add a module that is missing to e2e/pom.xml,"
                  + " or build it again",
              module)
          .allMatch(classes::contain);
    }
    assertThat(classes.size()).as("number of classes").isGreaterThan(150);
  }

  private static List<String> topLevelClasses(Path sources) throws IOException {
    if (!Files.isDirectory(sources)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .map(file -> sources.relativize(file).toString())
          .filter(file -> file.endsWith(".java") && !file.endsWith("package-info.java"))
          .map(file -> file.substring(0, file.length() - ".java".length()).replace('/', '.'))
          .toList();
    }
  }

  // ---- modules ----

  @ArchTest
  static final ArchRule the_protocol_knows_neither_side =
      noClasses()
          .that()
          .resideInAPackage("io.tacit.protocol..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.tacit.client..",
              "io.tacit.coordinator..",
              "io.tacit.enrolment..",
              "io.tacit.simulation..",
              "io.tacit.cli..")
          .as("proto knows neither side; move what both need into proto, the rest out of it");

  @ArchTest
  static final ArchRule the_client_meets_the_coordinator_only_in_the_protocol =
      noClasses()
          .that()
          .resideInAPackage("io.tacit.client..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.tacit.coordinator..",
              "io.tacit.enrolment..",
              "io.tacit.simulation..",
              "io.tacit.cli..",
              "io.quarkus..",
              "jakarta..")
          .as("the client SDK knows only proto; what both sides share belongs in proto");

  @ArchTest
  static final ArchRule the_coordinator_never_ships_the_client =
      noClasses()
          .that()
          .resideInAnyPackage("io.tacit.coordinator..", "io.tacit.enrolment..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.tacit.client..", "io.tacit.simulation..", "io.tacit.cli..")
          .as("the coordinator knows only proto; what both sides share belongs in proto");

  @ArchTest
  static final ArchRule the_core_of_the_coordinator_is_plain_java =
      noClasses()
          .that()
          .resideInAPackage("io.tacit.coordinator..")
          .and()
          .resideOutsideOfPackage("io.tacit.coordinator.service..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.tacit.coordinator.service..",
              "io.quarkus..",
              "jakarta.enterprise..",
              "jakarta.inject..",
              "jakarta.ws..")
          .as("coordinator/core has no framework; wire it up in coordinator/service");

  @ArchTest
  static final ArchRule the_simulation_drives_cores_and_never_the_service =
      noClasses()
          .that()
          .resideInAPackage("io.tacit.simulation..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.tacit.coordinator.service..", "io.tacit.cli..", "io.quarkus..")
          .as(
              "the simulation uses the cores of client and coordinator; reach a running service"
                  + " over gRPC or REST");

  private static final Set<String> PLAN_FILES =
      Set.of(
          "io.tacit.coordinator.plans.PlanFile",
          "io.tacit.coordinator.plans.PlanFileException",
          "io.tacit.coordinator.plans.CatalogueLookup");

  @ArchTest
  static final ArchRule the_command_line_never_sees_the_coordinator =
      noClasses()
          .that()
          .resideInAPackage("io.tacit.cli..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "io.tacit.coordinator..", "io.tacit.enrolment..", "io.quarkus..", "io.grpc..")
                  // What an owner signs must have been read on the owner's own machine.
                  .and(
                      not(
                          describe(
                              "the form of plan files",
                              type -> PLAN_FILES.contains(type.getName())))))
          .as(
              "the command line is thin; use REST (io.tacit.cli.rest), a process"
                  + " (io.tacit.cli.process) or the simulation");

  @ArchTest
  static final ArchRule commands_for_a_running_coordinator_know_only_its_rest_api =
      noClasses()
          .that()
          .resideInAPackage("io.tacit.cli..")
          // Demo, chaos and simulation are devices.
          .and()
          .resideOutsideOfPackages("io.tacit.cli.demo..", "io.tacit.cli.chaos..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.tacit.client..")
                  .and(not(equivalentTo(PinnedTrust.class)))
                  .as("are the client's, but for how it pins certificates"))
          .as("commands for a running coordinator know only its REST API (io.tacit.cli.rest)");

  // ---- the privacy wall ----

  @ArchTest
  static final ArchRule behaviour_never_meets_the_wire =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.tacit.client.rounds..",
              "io.tacit.client.release..",
              "io.tacit.client.connection..",
              "io.tacit.client.secagg..",
              "io.tacit.client.privacy..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.tacit.client.behaviour..", "io.tacit.client.features..")
          .as(
              "raw behaviour and features can not be reached from code that talks to the network;"
                  + " pass a trained update instead")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule behaviour_and_features_have_no_wire_form =
      noClasses()
          .that()
          .resideInAnyPackage("io.tacit.client.behaviour..", "io.tacit.client.features..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(MESSAGES, "com.google.protobuf..", "io.grpc..")
          .as("private data has no wire form; keep messages out of behaviour and features")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule noise_of_a_device_comes_from_no_seed =
      noClasses()
          .that()
          .resideInAPackage("io.tacit.client..")
          .should()
          .callMethod(RandomBits.class, "seeded", long.class)
          .as("who knows the seed takes the noise off an update; use RandomBits.secure");

  // ---- what apps see of the client ----

  private static final String[] API = {
    "io.tacit.client",
    "io.tacit.client.behaviour",
    "io.tacit.client.keys",
    "io.tacit.client.ledger",
    "io.tacit.client.policy",
    "io.tacit.client.recommend",
    "io.tacit.client.schedule"
  };

  @ArchTest
  static void packages_of_the_client_are_for_apps_or_marked_internal(JavaClasses classes) {
    List<String> unmarked =
        classes.stream()
            .map(JavaClass::getPackage)
            .filter(held -> held.getName().startsWith("io.tacit.client."))
            .filter(held -> !held.getName().startsWith("io.tacit.client.deeplearning4j"))
            .filter(held -> !List.of(API).contains(held.getName()))
            .filter(held -> !held.isAnnotatedWith(Internal.class))
            .map(JavaPackage::getName)
            .distinct()
            .toList();
    assertThat(unmarked)
        .as(
            "mark the package @Internal in its package-info.java, or add it to the API of the"
                + " client")
        .isEmpty();
  }

  @ArchTest
  static void what_apps_call_mentions_only_what_apps_may_use(JavaClasses classes) {
    List<String> leaks =
        classes.stream()
            .filter(owner -> List.of(API).contains(owner.getPackageName()))
            .filter(ArchitectureTest::isForApps)
            .flatMap(owner -> owner.getCodeUnits().stream())
            .filter(unit -> unit.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(unit -> !unit.isAnnotatedWith(Internal.class))
            .flatMap(
                unit ->
                    Stream.concat(
                            unit.getRawParameterTypes().stream(),
                            Stream.of(unit.getRawReturnType()))
                        .filter(type -> type.getPackageName().startsWith("io.tacit.client"))
                        .filter(type -> !isForApps(type))
                        .map(type -> unit.getFullName() + " mentions " + type.getName()))
            .toList();
    assertThat(leaks).as("hide it, or mark the member @Internal").isEmpty();
  }

  private static boolean isForApps(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && !type.isAnnotatedWith(Internal.class)
        && List.of(API).contains(type.getPackageName())
        && type.getEnclosingClass().map(ArchitectureTest::isForApps).orElse(true);
  }

  @ArchTest
  static final ArchRule the_example_shop_is_an_app =
      noClasses()
          .that()
          .resideInAPackage("io.tacit.shop..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.tacit..")
                  .and(resideOutsideOfPackage("io.tacit.shop.."))
                  .and(not(describe("for apps", ArchitectureTest::isForApps))))
          .as("the example shop is an app; use what apps may use of the client");

  // ---- one seam per library ----

  @ArchTest
  static final ArchRule grpc_lives_in_the_connection_package_of_the_client =
      noClasses()
          .that()
          .resideInAPackage("io.tacit.client..")
          .and()
          .resideOutsideOfPackage("io.tacit.client.connection..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", MESSAGES)
          .as("gRPC and wire messages of the client live in io.tacit.client.connection alone");

  @ArchTest
  static final ArchRule deep_learning_lives_in_its_own_engine =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.tacit.client.deeplearning4j..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..")
          .as("DL4J and ND4J live in client-sdk/deeplearning4j alone; use a TrainingEngine");

  @ArchTest
  static final ArchRule bouncy_castle_lives_in_the_crypto_package_and_the_authority =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.tacit.protocol.crypto..", "io.tacit.enrolment..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bouncycastle..")
          .as("Bouncy Castle lives in io.tacit.protocol.crypto and the enrolment authority alone");

  @ArchTest
  static final ArchRule wire_messages_stay_at_the_edge_of_the_coordinator =
      noClasses()
          .that()
          .resideInAPackage("io.tacit.coordinator..")
          .and()
          .resideOutsideOfPackage("io.tacit.coordinator.service.rpc..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(MESSAGES, "io.grpc..")
          .as("wire messages and gRPC stay in io.tacit.coordinator.service.rpc; translate there");

  @ArchTest
  static final ArchRule the_protocol_knows_the_messages_that_both_sides_must_read_alike =
      noClasses()
          .that()
          .resideInAPackage("io.tacit.protocol..")
          .and()
          .resideOutsideOfPackages(
              MESSAGES, "io.tacit.protocol.plan..", "io.tacit.protocol.session..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(MESSAGES)
          .as(
              "in proto only plan and session know messages, those that are hashed or signed; the"
                  + " edges of both sides translate the others");

  @ArchTest
  static final ArchRule the_simulation_and_the_command_line_know_no_messages =
      noClasses()
          .that()
          .resideInAnyPackage("io.tacit.simulation..", "io.tacit.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(MESSAGES)
          .as("wire messages stay at the edges; use the types of client and coordinator core");

  // ---- shape of the coordinator ----

  @ArchTest
  static final ArchRule features_of_the_coordinator_never_see_the_conductor =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.tacit.coordinator.aggregation..",
              "io.tacit.coordinator.optimiser..",
              "io.tacit.coordinator.metrics..",
              "io.tacit.coordinator.models..",
              "io.tacit.coordinator.privacy..",
              "io.tacit.coordinator.plans..",
              "io.tacit.coordinator.release..",
              "io.tacit.coordinator.sessions..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.tacit.coordinator.rounds..", "io.tacit.coordinator.service..")
          .as("features never see the conductor or the service; the conductor joins them")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule packages_are_free_of_cycles =
      slices()
          .matching("io.tacit.(**)")
          .should()
          .beFreeOfCycles()
          .as("packages are free of cycles; move the class that closes the circle");

  // ---- names and habits ----

  @ArchTest
  static final ArchRule names_say_what_a_class_is =
      noClasses()
          .that()
          .resideOutsideOfPackage(MESSAGES)
          .should()
          .haveNameMatching(".*(Utils?|Helper|Manager|Impl|Misc|Common|Constants)(\\$.*)?")
          .as("names say what a class is; put the method on the value it works on");

  @ArchTest
  static final ArchRule packages_are_features_and_not_layers =
      noClasses()
          .should()
          .resideInAnyPackage(
              "io.tacit..util..",
              "io.tacit..utils..",
              "io.tacit..common..",
              "io.tacit..dao..",
              "io.tacit..dto..",
              "io.tacit..impl..",
              "io.tacit..controllers..",
              "io.tacit..services..",
              "io.tacit..entities..")
          .as("packages are features and not layers; name it after what it owns");

  @ArchTest
  static final ArchRule time_is_injected =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(LocalDate.class, "now")
          .as("time is injected; take a java.time.Clock (System.nanoTime for durations)");

  @ArchTest
  static final ArchRule secrets_come_from_secure_randomness =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.tacit.protocol.crypto..",
              "io.tacit.protocol.masking..",
              "io.tacit.protocol.privacy..",
              "io.tacit.client.secagg..",
              "io.tacit.client.identity..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.Random")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.SplittableRandom")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
          .as("secrets come from an injected SecureRandom")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule no_field_injection =
      GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;

  @ArchTest
  static final ArchRule only_the_command_line_prints =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.tacit.cli..", "io.tacit.shop..", "io.tacit.testing..")
          .and()
          .doNotHaveFullyQualifiedName("io.tacit.coordinator.service.people.AdminToken")
          .and()
          .doNotHaveFullyQualifiedName("io.tacit.coordinator.service.wiring.CoordinatorMain")
          .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
          .as(
              "only the command line, the example shop, the report of skipped tests, a coordinator"
                  + " that can not start and, once, the admin token print; others log");

  @ArchTest
  static final ArchRule no_generic_exceptions =
      GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

  @ArchTest
  static final ArchRule fields_of_the_protocol_are_final =
      fields()
          .that()
          .areDeclaredInClassesThat()
          .resideInAPackage("io.tacit.protocol..")
          .and()
          .areDeclaredInClassesThat()
          .resideOutsideOfPackage(MESSAGES)
          .and()
          .areDeclaredInClassesThat()
          .haveNameNotMatching(
              // These have state; keys that can be destroyed know it, a channel seals once, and
              // an update gives its lanes away.
              ".*(Builder|SplitMix64|RandomBits|AgreementKeyPair|ErasableKey|ShareChannel"
                  + "|EncodedUpdate)")
          .should()
          .beFinal()
          .as("values of the protocol are immutable; make the field final");
}
