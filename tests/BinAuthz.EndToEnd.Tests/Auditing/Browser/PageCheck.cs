using System.Text.Json;
using System.Text.Json.Nodes;

namespace BinAuthz.EndToEnd.Tests.Auditing.Browser;

/// <summary>Chromium as the judge of pages: opens each in several modes and tells what it shows and what is wrong (check.mjs).</summary>
internal static class PageCheck
{
    private const string ShotsVariable = "BINAUTHZ_PAGE_SHOTS";

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>Opens pages.</summary>
    /// <param name="pages">A name for each, its URL, and the modes to open it in; none: all.</param>
    /// <param name="cancellationToken">Ends the browser.</param>
    public static async Task<IReadOnlyList<SeenPage>> RunAsync(IEnumerable<(string Name, Uri Url, string[] Modes)> pages, CancellationToken cancellationToken)
    {
        var (node, chromium, root) = (ExternalTool.Require("node"), ExternalTool.Require("chromium"), Root());
        var modules = Path.Combine(root, ".artifacts", "page-check");
        if (!Directory.Exists(Path.Combine(modules, "node_modules")))
        {
            ExternalTool.Unavailable($"{modules} has no node_modules: tests/README.md says how to install them.");
        }

        var home = Directory.CreateTempSubdirectory("binauthz-pages-");
        try
        {
            var input = new JsonObject
            {
                ["chromium"] = chromium,
                ["modules"] = modules,
                ["shots"] = Environment.GetEnvironmentVariable(ShotsVariable),
                ["pages"] = new JsonArray([.. pages.Select(page => Page(page.Name, page.Url, page.Modes))]),
            };
            var ended = await new ExternalProcess
            {
                Program = node,
                Arguments = [Path.Combine(root, "tests", "BinAuthz.EndToEnd.Tests", "Auditing", "Browser", "check.mjs")],
                Environment = new Dictionary<string, string> { ["HOME"] = home.FullName, ["TMPDIR"] = home.FullName },
                Input = input.ToJsonString(),
                Limit = TimeSpan.FromMinutes(5),
            }.RunAsync(cancellationToken);
            Assert.True(ended.ExitCode == 0, ended.ToString());
            return JsonSerializer.Deserialize<List<SeenPage>>(ended.Output, Web)!;
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private static JsonObject Page(string name, Uri url, string[] modes)
    {
        var page = new JsonObject { ["name"] = name, ["url"] = url.AbsoluteUri };
        if (modes.Length > 0)
        {
            page["modes"] = new JsonArray([.. modes.Select(mode => (JsonNode)mode)]);
        }

        return page;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Functions.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Functions.sln.");
        }

        return folder.FullName;
    }
}
