package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** Policies and operator policies: what their forms show and offer. */
class PagePoliciesTest extends PageTest {
  private static final By ARGUMENT = By.cssSelector(".slide select[aria-label=Argument]");

  private final String vhost = name("page-policies");

  @BeforeEach
  void makeVhost() {
    http.put("/vhosts/" + vhost, Map.of()).isEmpty(201);
  }

  @AfterEach
  void deleteVhost() {
    page.leave();
    http.delete("/vhosts/" + vhost).isEmpty(204);
  }

  private void declare(String queue, String type) {
    Map<String, Object> arguments = Map.of("x-queue-type", type);
    http.put("/queues/" + vhost + "/" + queue, Map.of("durable", true, "arguments", arguments))
        .isEmpty(201);
  }

  @Test
  void policyForOneTypeOfQueueMatchesTheseAndIsSavedForThese() {
    declare("kind-classic", "classic");
    declare("kind-quorum", "quorum");
    declare("kind-stream", "stream");
    String path = "/policies/" + vhost + "/p";
    for (String type : List.of("classic", "quorum", "stream")) {
      String applyTo = type.equals("stream") ? "streams" : type + "_queues";
      Map<String, Object> definition = Map.of("max-length-bytes", 7_000_000);
      Map<String, Object> policy =
          Map.of("pattern", "^kind-", "definition", definition, "apply-to", applyTo);
      assertThat(http.put(path, policy).status()).isIn(201, 204);
      page.leave();
      page.enter("#" + path);
      page.awaitText(By.cssSelector(".slide"), "Matches 1 object: kind-" + type);
      assertThat(page.find(Page.field("Apply to")).getDomProperty("value")).isEqualTo(applyTo);
      page.click(Page.submit());
      page.awaitText(By.cssSelector(".toasts"), "The policy p is saved");
      assertThat(http.read(path).get("apply-to").textValue()).isEqualTo(applyTo);
      page.awaitText(Page.row("Policies", "p"), applyTo.replace('_', ' '));
    }
  }

  @Test
  void operatorPolicyIsOfferedNothingThatTheBrokerRefuses() {
    page.enter("#/policies");
    page.click(Page.button("Add an operator policy"));
    page.click(Page.button("Add an argument"));
    List<String> offered =
        page.find(ARGUMENT).findElements(By.tagName("option")).stream()
            .map(option -> option.getDomProperty("value"))
            .filter(value -> !value.isEmpty())
            .toList();
    assertThat(offered).contains("x-message-ttl", "x-max-length", "x-delivery-limit");
    for (String argument : offered) {
      Map<String, Object> definition = Map.of(argument.substring("x-".length()), 1);
      String path = "/operator-policies/" + vhost + "/" + argument;
      http.put(path, Map.of("pattern", "", "definition", definition)).isEmpty(201);
    }
    List<String> applyTo =
        page.find(Page.field("Apply to")).findElements(By.tagName("option")).stream()
            .map(WebElement::getText)
            .toList();
    assertThat(applyTo).containsExactly("queues", "classic queues", "quorum queues", "streams");
  }

  @Test
  void operatorPolicyForEverythingStaysSo() {
    String path = "/operator-policies/" + vhost + "/p";
    http.put(path, Map.of("pattern", "^a", "definition", Map.of("expires", 60_000))).isEmpty(201);
    page.enter("#" + path);
    assertThat(page.find(Page.field("Apply to")).getDomProperty("value")).isEqualTo("all");
  }
}
