package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

class PageDefinitionsTest extends PageTest {
  private static final By FILE = By.cssSelector("main input[type=file]");

  @TempDir Path folder;

  private final String vhost = name("page-vhost");

  @AfterEach
  void deleteVhost() {
    page.leave();
    assertThat(http.delete("/vhosts/" + vhost).status()).isIn(204, 404);
  }

  private Path definitions() throws Exception {
    String text =
        """
        {"vhosts": [{"name": "VHOST"}],
         "permissions": [{"user": "guest", "vhost": "VHOST",
           "configure": ".*", "write": ".*", "read": ".*"}],
         "exchanges": [{"name": "orders", "vhost": "VHOST", "type": "topic", "durable": true,
           "auto_delete": false, "internal": false, "arguments": {}}],
         "queues": [{"name": "billing", "vhost": "VHOST", "durable": true, "auto_delete": false,
           "arguments": {"x-max-length": 5}}],
         "bindings": [{"source": "orders", "vhost": "VHOST", "destination": "billing",
           "destination_type": "queue", "routing_key": "order.*.paid", "arguments": {}}]}
        """;
    return Files.writeString(folder.resolve("rabbit.json"), text.replace("VHOST", vhost));
  }

  @Test
  void uploadedDefinitionsAreCountedFirstAndThenThere() throws Exception {
    page.enter("#/definitions");
    page.find(FILE).sendKeys(definitions().toString());
    By dialog = By.cssSelector("dialog[open]");
    page.awaitText(dialog, "1 vhost, 1 exchange, 1 queue, 1 binding in the file.");
    assertThat(http.get("/vhosts/" + vhost).status()).isEqualTo(404);
    page.click(By.cssSelector("dialog[open] .primary"));
    page.awaitText(By.cssSelector(".toasts"), "rabbit.json is imported");
    page.open("#/queues/" + vhost + "/billing/bindings");
    page.awaitHeading("billing");
    page.awaitText(Page.row("Bindings", "orders"), "order.*.paid");
    page.click(By.partialLinkText("Settings"));
    page.awaitText(Page.row("Arguments", "x-max-length"), "5");
  }

  @Test
  void fileThatIsNoJsonChangesNothing() throws Exception {
    Path file = Files.writeString(folder.resolve("broken.json"), "{\"queues\": [");
    page.enter("#/definitions");
    page.find(FILE).sendKeys(file.toString());
    page.awaitText(By.cssSelector(".toasts"), "Not imported. broken.json is no JSON");
    assertThat(page.driver().findElements(By.tagName("dialog"))).isEmpty();
  }

  @Test
  void exportIsSavedAsAFileWithTheObjects() throws Exception {
    String queue = name("page");
    channel.queueDeclare(queue, true, false, false, null);
    page.enter("#/definitions");
    page.click(Page.button("Export definitions"));
    File saved =
        page.await(
            "the saved file",
            d -> {
              File[] files =
                  Browser.downloads().toFile().listFiles((dir, name) -> name.endsWith(".json"));
              return files != null && files.length == 1 ? files[0] : null;
            });
    JsonNode definitions = HttpAnswer.parse(Files.readString(saved.toPath()));
    assertThat(definitions.get("queues").findValuesAsText("name")).contains(queue);
    assertThat(definitions.get("users").findValuesAsText("name")).contains("guest");
    assertThat(saved.delete()).isTrue();
  }
}
