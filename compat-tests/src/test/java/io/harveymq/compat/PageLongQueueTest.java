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
  private static final By SEARCH =
      By.cssSelector("input[type=search][aria-label='Search messages']");

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
      page.script(
          "const ask = fetch; window.fetch = async (url, how) => { const got = await ask(url, how);"
              + " if (!/search=m/.test(url)) return got; const all = await got.json();"
              + " return new Response(JSON.stringify({ ...all, complete: false, looked: 7000,"
              + " ...(/search=m7/.test(url) ? {} : { items: [], total: 0 }) })); };");
      page.type(SEARCH, "m79");
      page.awaitText(LIST, "The first 7,000 messages were searched before the time was up.");
      page.awaitText(LIST, "Others may contain it, too.");
      page.type(SEARCH, "mm");
      page.awaitText(LIST, "\u201cmm\u201d was not found");
      page.awaitText(LIST, "The first 7,000 messages were searched before the time was up.");
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
