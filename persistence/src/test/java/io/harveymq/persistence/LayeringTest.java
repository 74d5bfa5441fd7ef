package io.harveymq.persistence;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the store may know: its journal only MapDB, and none of it a network. */
class LayeringTest {
  private static final JavaClasses PERSISTENCE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.harveymq.persistence");

  @Test
  void theJournalKnowsNothingOfABroker() {
    classes()
        .that()
        .resideInAPackage("io.harveymq.persistence.journal..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.harveymq.persistence.journal..", "java..", "org.mapdb..", "org.slf4j..")
        .check(PERSISTENCE);
  }

  @Test
  void theStorePrintsNothingAndEndsNoProcess() {
    noClasses()
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(PERSISTENCE);
  }
}
