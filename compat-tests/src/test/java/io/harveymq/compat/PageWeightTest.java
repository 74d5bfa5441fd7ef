package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** What somebody waits for who opens the page for the first time, and again. */
class PageWeightTest extends PageTest {
  private static final int MOST_BYTES = 120_000;

  /** Path, compressed size and transferred size of all that was loaded but answers of the API. */
  private static final String LOADED =
      """
      return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .filter(e => !e.name.includes('/api/') && !e.name.endsWith('.woff2'))
        .map(e => [new URL(e.name).pathname, e.encodedBodySize, e.transferSize]);
      """;

  private record Load(String path, long compressed, long transferred) {
    boolean isModule() {
      return path.endsWith(".js") && !path.endsWith("theme.js");
    }
  }

  @SuppressWarnings("unchecked")
  private List<Load> loaded() {
    return ((List<List<Object>>) page.script(LOADED))
        .stream().map(e -> new Load((String) e.get(0), (Long) e.get(1), (Long) e.get(2))).toList();
  }

  private void awaitNumbersAndCharts() {
    page.find(By.cssSelector(".station .v"));
    page.await("charts", d -> page.script("return !!document.querySelector('h-chart')?.chart"));
  }

  private List<Load> firstLoad() {
    page.driver().executeCdpCommand("Network.clearBrowserCache", Map.of());
    page.open("#/");
    page.logIn("guest", "guest");
    awaitNumbersAndCharts();
    return loaded();
  }

  @Test
  void firstLoadWithLoginChartsAndNumbersIsSmall() {
    List<Load> all = firstLoad();
    assertThat(all).anyMatch(l -> l.path.endsWith("login.js"));
    assertThat(all).anyMatch(l -> l.path.endsWith("chart.umd.js"));
    assertThat(all).allMatch(l -> l.compressed > 0);
    assertThat(all.stream().mapToLong(Load::compressed).sum())
        .as(() -> all.toString())
        .isBetween(MOST_BYTES / 2L, (long) MOST_BYTES);
  }

  /** A module that another one names first is fetched later, and what that names later still. */
  @Test
  @SuppressWarnings("unchecked")
  void modulesOfTheOverviewAreFetchedAtOnce() {
    List<Load> all = firstLoad();
    List<String> named =
        (List<String>)
            page.script(
                "return [...document.querySelectorAll('link[rel=modulepreload], script[src]')]"
                    + ".map(e => new URL(e.href ?? e.src).pathname)");
    List<String> late =
        new ArrayList<>(all.stream().filter(Load::isModule).map(Load::path).toList());
    late.removeAll(named);
    assertThat(late).allMatch(path -> path.endsWith("/login.js") || path.endsWith("/chart.umd.js"));
    assertThat(all.stream().filter(Load::isModule)).hasSizeLessThan(10);
  }

  @Test
  void whoComesAgainLoadsThePageItselfAndNothingElse() {
    firstLoad();
    page.reload("#/");
    awaitNumbersAndCharts();
    assertThat(loaded().stream().filter(l -> l.transferred > 0).map(Load::path))
        .containsExactly("/");
  }

  @Test
  void fontOfNamesAndPayloadsComesFromTheBroker() {
    page.enter("#/queues");
    page.script(
        "const code = document.createElement('b'); code.className = 'mono'; code.textContent = 'x';"
            + "document.querySelector('main').append(code, code.cloneNode(true));"
            + "code.style.fontWeight = 400");
    page.await(
        "both weights",
        d ->
            page.script(
                    "return [...document.fonts].filter(f => f.status === 'loaded')"
                        + ".map(f => f.family.replaceAll('\"', '') + ' ' + f.weight).sort().join()")
                .equals("JetBrains Mono 600,JetBrains Mono normal"));
  }

  @Test
  void filesOfAnotherVersionAreNotKept() throws Exception {
    firstLoad();
    String module =
        loaded().stream().map(Load::path).filter(p -> p.endsWith("first.js")).findFirst().get();
    assertThat(get(module).headers().firstValue("cache-control").get()).contains("immutable");
    for (String other : List.of("/v-000000000000/js/app.js", "/js/app.js", "/js/first.js")) {
      HttpResponse<String> answer = get(other);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("cache-control")).hasValue("no-cache");
    }
  }

  private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = BrokerUnderTest.managementUri().resolve(path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
