package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.harveymq.management.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bill of materials of the distribution. Maven does not make one when it is offline. */
@Tag("tools")
class SbomIT {
  private static final Path DISTRIBUTION = Path.of("target", "distribution");
  private static final Pattern PACKAGE =
      Pattern.compile("pkg:maven/([^/]+)/([^@]+)@([^?]+)\\?(?:classifier=([^&]+)&)?type=jar");

  @Test
  void namesExactlyTheJarsInLibAndIsTheSameInEveryBuild() throws IOException {
    assumeFalse("offline: true".equals(System.getProperty("harvey.build")), "Maven is offline");
    JsonNode sbom = Json.read(Files.readAllBytes(DISTRIBUTION.resolve("sbom.json")));
    assertThat(sbom.get("bomFormat").textValue()).isEqualTo("CycloneDX");
    assertThat(sbom.path("metadata").has("timestamp")).isFalse();
    Set<String> named = new TreeSet<>();
    named.add(jar(sbom.get("metadata").get("component")));
    for (JsonNode component : sbom.get("components")) {
      named.add(jar(component));
      assertThat(component.path("hashes")).as(component.toString()).isNotEmpty();
    }
    try (Stream<Path> jars = Files.list(DISTRIBUTION.resolve("lib"))) {
      assertThat(named)
          .isEqualTo(jars.map(jar -> jar.getFileName().toString()).collect(Collectors.toSet()));
    }
  }

  private static String jar(JsonNode component) {
    Matcher purl = PACKAGE.matcher(component.get("purl").textValue());
    assertThat(purl.matches()).as(component.get("purl").textValue()).isTrue();
    String classifier = purl.group(4) == null ? "" : "-" + purl.group(4);
    return purl.group(1) + "." + purl.group(2) + "-" + purl.group(3) + classifier + ".jar";
  }
}
