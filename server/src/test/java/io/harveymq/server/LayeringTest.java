package io.harveymq.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The layers: amqp-codec, then broker-core, then server; and what each may not know. */
class LayeringTest {
  private static final String CODEC = "io.harveymq.codec..";
  private static final String BROKER = "io.harveymq.broker..";
  private static final String SERVER = "io.harveymq.server..";

  private static final JavaClasses HARVEY =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.harveymq");

  @Test
  void allModulesAreLookedAt() {
    assertThat(HARVEY.containPackage("io.harveymq.codec")).isTrue();
    assertThat(HARVEY.containPackage("io.harveymq.broker")).isTrue();
    assertThat(HARVEY.containPackage("io.harveymq.server")).isTrue();
  }

  @Test
  void theCodecKnowsBuffersAndNothingOfABroker() {
    classes()
        .that()
        .resideInAPackage(CODEC)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(CODEC, "java..", "io.netty.buffer..", "io.netty.util..")
        .check(HARVEY);
  }

  @Test
  void theBrokerDoesNotKnowTheLauncher() {
    noClasses()
        .that()
        .resideInAPackage(BROKER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SERVER, "org.slf4j.simple..", "picocli..")
        .check(HARVEY);
  }

  @Test
  void theBrokerKnowsNoDatabaseNoJsonAndNoHttp() {
    noClasses()
        .that()
        .resideInAPackage(BROKER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.mapdb..",
            "com.fasterxml..",
            "com.google.gson..",
            "jakarta.json..",
            "java.net.http..",
            "com.sun.net.httpserver..",
            "io.netty.handler.codec.http..")
        .check(HARVEY);
  }

  @Test
  void onlyTheNetPackageKnowsNettysChannels() {
    noClasses()
        .that()
        .resideInAPackage(BROKER)
        .and()
        .resideOutsideOfPackages("io.harveymq.broker", "io.harveymq.broker.net..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty.channel..", "io.netty.bootstrap..", "io.netty.handler..")
        .check(HARVEY);
  }

  @Test
  void nothingBelowTheLauncherPrintsOrEndsTheProcess() {
    noClasses()
        .that()
        .resideInAnyPackage(CODEC, BROKER)
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(HARVEY);
  }
}
