package io.harveymq.management.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JoinedModulesTest {
  private static final String INDEX =
      """
      <script type="importmap">
      {
        "imports": {
          "lit-html": "./webjars/lit-html/lit-html.js"
        }
      }
      </script>
      <link rel="modulepreload" href="webjars/lit-html/lit-html.js">
      <link rel="modulepreload" href="js/pages/one.js">
      <script type="module" src="js/app.js"></script>
      </head>
      """;

  private static final String APP =
      """
      import { html } from "lit-html";
      import * as one from "./pages/one.js";
      import { two } from "./two.js";
      one.show(html, two, () => import("./more.js"));
      """;

  private static final String ONE =
      """
      import {
        html, render,
      } from "lit-html";
      import { two } from "../two.js";
      const mine = two;
      export const show = () => import("../late.js");
      export default class One {}
      """;

  private static final String TWO = "const mine = 2;\nexport async function two() {}\n";

  private static JoinedModules.Joined join(String app, String one, String two) {
    Map<String, String> files = Map.of("js/app.js", app, "js/pages/one.js", one, "js/two.js", two);
    return JoinedModules.of(INDEX, files::get);
  }

  @Test
  void eachModuleIsAFunctionBehindThoseThatItNeeds() {
    assertThat(join(APP, ONE, TWO).script())
        .isEqualTo(
            """
            import { html, render } from "lit-html";
            const m0 = (() => {
            const mine = 2;
            async function two() {}
            return { two };
            })();
            const m1 = (() => {
            const { two } = m0;
            const mine = two;
            const show = () => import("./late.js");
            class One {}
            return { show, default: One };
            })();
            const m2 = (() => {
            const one = m1;
            const { two } = m0;
            one.show(html, two, () => import("./more.js"));
            return {  };
            })();
            export const { two } = m0;
            export default m1.default;
            export const { show } = m1;
            """);
  }

  @Test
  void commentsOnLinesOfTheirOwnAndIndentsAreLeftOut() {
    String two =
        """
        // A module.
        /** Two. */
        export function two() {
          /**
           * More * of / it.
           */
          /** Not alone. */ const url = "http://x"; // stays
          /* stays */
        }
        """;
    assertThat(join(APP, ONE, two).script())
        .contains(
            """
            const m0 = (() => {
            function two() {
            /** Not alone. */ const url = "http://x"; // stays
            /* stays */
            }
            """);
  }

  @Test
  void thePageLoadsTheWholeAndItsImportMapLeadsThere() {
    assertThat(join(APP, ONE, TWO).index())
        .isEqualTo(
            """
            <script type="importmap">
            {
              "imports": {
            "./js/two.js": "./js/first.js",
            "./js/pages/one.js": "./js/first.js",
            "./js/app.js": "./js/first.js",
                "lit-html": "./webjars/lit-html/lit-html.js"
              }
            }
            </script>
            <link rel="modulepreload" href="webjars/lit-html/lit-html.js">
            <script type="module" src="js/first.js"></script>
            </head>
            """);
  }

  @Test
  void whatWouldNotBeTheSameIsRefused() {
    refused("import { two as three } from \"./two.js\";\n", "unusual");
    refused("import two from \"./two.js\";\n", "unusual");
    refused("export let two = 1;\n", "unusual");
    refused("const a = 1;\nexport { a };\n", "unusual");
    refused("export * from \"./two.js\";\n", "unusual");
    refused("const here = import.meta.url;\n", "unusual");
    refused("import * as lit from \"lit-html\";\n", "imports all of lit-html");
    refused("import { none } from \"./none.js\";\n", "js/none.js is not there");
    refused("import { show } from \"./pages/one.js\";\nexport const show = 1;\n", "export show");
    assertThatThrownBy(() -> join(APP, ONE, "import { show } from \"./pages/one.js\";\n"))
        .hasMessageContaining("needs itself");
  }

  private static void refused(String app, String reason) {
    assertThatThrownBy(() -> join(app, ONE, TWO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void thePageItselfIsJoined() {
    PageFiles files = new PageFiles();
    String index = new String(files.get("").content(), StandardCharsets.UTF_8);
    assertThat(index).contains("/js/first.js\"></script>").doesNotContain("href=\"js/app.js");
    assertThat(files.get("js/first.js").content().length).isGreaterThan(10_000);
  }
}
