package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** The messages of a queue that is longer than what is in memory. */
class PageLongQueueTest extends PageTest {
  private static final int MESSAGES = 8_000;
  private static final By LIST = By.cssSelector(".list");

  @TempDir Path data;

  @Test
  void allMessagesAreShownSearchedAndExported() throws Exception {
    try (LongQueueBroker broker = LongQueueBroker.start(data)) {
      broker.fill("long", MESSAGES, "x".repeat(3_000));
      page = new Page(Browser.driver(), broker.uri());
      page.enter("#/queues/%2F/long/messages?page=160");
      page.awaitText(LIST, "7,951\u20138,000 of 8,000");
      page.awaitText(LIST, "m7999");
      page.enter("#/queues/%2F/long/messages?search=m799");
      page.awaitText(LIST, "m7998");
      page.enter("#/queues/%2F/long");
      page.awaitText("8,000");
      page.act("Purge queue\u2026");
      page.awaitText(By.cssSelector("dialog[open]"), "8,000 ready messages are lost.");
      page.click(Page.button("Export the messages first"));
      page.awaitText(By.cssSelector(".toasts"), "8,000 messages saved");
      File saved = Browser.downloads().resolve("long.messages.json").toFile();
      page.await("the file", d -> saved.exists());
      JsonNode exported = new ObjectMapper().readTree(saved);
      assertThat(saved.delete()).isTrue();
      List<String> bodies = HttpAnswer.column(exported, "payload");
      assertThat(bodies.stream().map(body -> body.substring(0, body.indexOf(' '))))
          .containsExactlyElementsOf(IntStream.range(0, MESSAGES).mapToObj(i -> "m" + i).toList());
      page.click(By.cssSelector("dialog[open] .keep"));
      page.leave();
    }
  }
}
