using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BinAuthz.Emulator;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Gcloud;

/// <summary>Runs the steps of one scenario against an emulator and holds each to how it ends on Google.</summary>
internal sealed class ScenarioRunner : IDisposable
{
    private readonly EmulatorHost emulator;
    private readonly GcloudScenario scenario;
    private readonly GcloudMode mode;
    private readonly string project;
    private readonly ScenarioVariables variables;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("binauthz-gcloud-");
    private readonly HttpClient http;
    private readonly List<string> mismatches = [];

    public ScenarioRunner(EmulatorHost emulator, GcloudScenario scenario, GcloudMode mode)
    {
        this.emulator = emulator;
        this.scenario = scenario;
        this.mode = mode;
        project = $"{scenario.Name}-{(mode == GcloudMode.Proxy ? 'b' : 'a')}";
        variables = new ScenarioVariables(mode, emulator.RestEndpoint, project);
        http = new HttpClient { BaseAddress = emulator.RestEndpoint };
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var gcloud = new GcloudClient(mode, emulator.RestEndpoint, project, folder.FullName);
        await RunAsync(gcloud, scenario.GivenSteps(), cancellationToken);
        await WriteFilesAsync(cancellationToken);
        await RunAsync(gcloud, scenario.Steps, cancellationToken);
        Assert.True(mismatches.Count == 0, string.Join("\n\n", mismatches));
    }

    public void Dispose()
    {
        http.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task WriteFilesAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, text) in scenario.Files)
        {
            await File.WriteAllTextAsync(Local(name), variables.Expand(text), cancellationToken);
        }

        foreach (var (name, size) in scenario.Sizes)
        {
            var bytes = new byte[size];
            new Random(size).NextBytes(bytes);
            await File.WriteAllBytesAsync(Local(name), bytes, cancellationToken);
        }
    }

    private string Local(string name)
    {
        var path = Path.Combine(folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private async Task RunAsync(GcloudClient gcloud, IEnumerable<ScenarioStep> steps, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            var started = Stopwatch.GetTimestamp();
            await RunAsync(gcloud, step, cancellationToken);
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s  {variables.Expand(step.ToString())}"));
        }
    }

    private async Task RunAsync(GcloudClient gcloud, ScenarioStep step, CancellationToken cancellationToken)
    {
        if (step.Gcloud is not null)
        {
            await RunGcloudAsync(gcloud, step, cancellationToken);
        }
        else if (step.Rest is not null)
        {
            await CallAsync(step, cancellationToken);
        }
        else if (step.Push is not null)
        {
            var parts = step.Push.Split(':');
            http.DefaultRequestHeaders.Host = mode == GcloudMode.Proxy ? "us-central1-docker.pkg.dev" : null;
            await TestImage.PushAsync(http, $"{project}/app/{parts[0]}", parts[1], cancellationToken);
        }
        else if (step.Checksums is not null)
        {
            emulator.Switches.CorruptChecksums = step.Checksums == "wrong";
        }
        else
        {
            var parts = (step.Fault ?? throw new FormatException($"{scenario.Name}: a step without an action.")).Split(' ');
            emulator.Faults.FailNext(parts[0], Enum.Parse<StatusCode>(parts[1]), int.Parse(parts[2], CultureInfo.InvariantCulture));
        }
    }

    private async Task RunGcloudAsync(GcloudClient gcloud, ScenarioStep step, CancellationToken cancellationToken)
    {
        var changes = step.Env.ToDictionary(pair => pair.Key, pair => variables.Expand(pair.Value));
        var ended = await gcloud.RunAsync(CommandLine.Split(variables.Expand(step.Gcloud!)), changes, variables.Expand(step.Input), cancellationToken);
        Expect(step.Exit == ended.ExitCode, step, $"has to end with exit code {step.Exit}", ended);
        if (step.Save is not null)
        {
            await File.WriteAllTextAsync(Local(step.Save), ended.Output, cancellationToken);
        }

        Check(step, ended);
        if (step.Principal is not null)
        {
            var principal = variables.Expand(step.Principal);
            Expect(emulator.Requests.Snapshot().Any(request => request.Principal == principal), step, $"has to be seen as {principal}", ended);
        }
    }

    private async Task CallAsync(ScenarioStep step, CancellationToken cancellationToken)
    {
        var parts = variables.Expand(step.Rest!).Split(' ', 3);
        using var request = new HttpRequestMessage(new HttpMethod(parts[0]), new Uri(parts[2], UriKind.Relative));
        request.Headers.Host = mode == GcloudMode.Proxy ? $"{parts[1]}.googleapis.com" : null;
        if (step.Body is not null)
        {
            request.Content = new StringContent(variables.Expand(step.Body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        using var response = await http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var ended = new ExternalProcess.Ended(response.IsSuccessStatusCode ? 0 : (int)response.StatusCode, body, "");
        Expect(response.IsSuccessStatusCode, step, "has to be answered", ended);
        Check(step, ended);
    }

    private void Check(ScenarioStep step, ExternalProcess.Ended ended)
    {
        CheckTexts(step, ended);
        if (step.Json.Count > 0)
        {
            var json = ended.Output.Length == 0 ? null : JsonNode.Parse(ended.Output);
            foreach (var (path, text) in step.Json)
            {
                var expected = text is null ? null : variables.Expand(text);
                Expect(expected == JsonPath.Value(json, path), step, $"has to answer {path} = {expected ?? "nothing"}", ended);
            }
        }

        foreach (var (name, pattern) in step.Capture)
        {
            var match = Regex.Match($"{ended.Output}\n{ended.Error}", pattern);
            Expect(match.Success, step, $"has to print something like {pattern}", ended);
            variables[name] = match.Groups[1].Value;
        }
    }

    private void CheckTexts(ScenarioStep step, ExternalProcess.Ended ended)
    {
        foreach (var text in step.Out.Select(variables.Expand))
        {
            Expect(ended.Output.Contains(text, StringComparison.Ordinal), step, $"has to print {text}", ended);
        }

        foreach (var text in step.Err.Select(variables.Expand))
        {
            Expect(ended.Error.Contains(text, StringComparison.Ordinal), step, $"has to say {text}", ended);
        }

        foreach (var text in step.Not.Select(variables.Expand))
        {
            Expect(!$"{ended.Output}\n{ended.Error}".Contains(text, StringComparison.Ordinal), step, $"must not print {text}", ended);
        }

        foreach (var (name, text) in step.Written)
        {
            Expect(File.Exists(Local(name)) && File.ReadAllText(Local(name)).Contains(variables.Expand(text), StringComparison.Ordinal), step, $"has to write {text} to {name}", ended);
        }

        foreach (var (left, right) in step.Same)
        {
            Expect(File.Exists(Local(left)) && File.ReadAllBytes(Local(left)).AsSpan().SequenceEqual(File.ReadAllBytes(Local(right))), step, $"has to make {left} equal {right}", ended);
        }
    }

    /// <summary>Notes a mismatch and goes on, so that one run shows them all.</summary>
    private void Expect(bool holds, ScenarioStep step, string rule, ExternalProcess.Ended ended)
    {
        if (!holds)
        {
            mismatches.Add($"{scenario.Name} ({mode}): {variables.Expand(step.ToString())}\n{rule}, but ended so: {ended}");
        }
    }
}
