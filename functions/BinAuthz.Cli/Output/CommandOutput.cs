using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace BinAuthz.Cli.Output;

/// <summary>Where a command prints: results on stdout, progress and errors on stderr; with JSON, people's text goes to stderr as well.</summary>
internal sealed class CommandOutput
{
    // A line break in the middle of a digest helps nobody who pipes.
    private const int UnwrappedWidth = 10_000;

    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TextWriter json;
    private readonly IAnsiConsole progress;

    public CommandOutput(OutputFormat format, TextWriter output, TextWriter error)
    {
        Format = format;
        IsJson = format != OutputFormat.Text;
        json = output;
        progress = Terminal(error, Console.IsErrorRedirected || error != Console.Error);
        People = IsJson ? progress : Terminal(output, Console.IsOutputRedirected || output != Console.Out);
    }

    /// <summary>What was asked for.</summary>
    public OutputFormat Format { get; }

    /// <summary>Whether stdout is for programs.</summary>
    public bool IsJson { get; }

    /// <summary>Where people read.</summary>
    public IAnsiConsole People { get; }

    /// <summary>The result: a document for programs, or what <paramref name="render"/> writes for people.</summary>
    public void Result(JsonNode document, Action<IAnsiConsole> render)
    {
        if (IsJson)
        {
            Document(document);
        }
        else
        {
            render(People);
        }
    }

    /// <summary>One line of JSON on stdout, in either format.</summary>
    public void Document(JsonNode document)
    {
        json.WriteLine(document.ToJsonString(OneLine));
        json.Flush();
    }

    /// <summary>A whole file on stdout, as it is.</summary>
    public void File(ReadOnlySpan<byte> utf8)
    {
        json.Write(System.Text.Encoding.UTF8.GetString(utf8));
        json.Flush();
    }

    /// <summary>What is going on, for whoever waits.</summary>
    public void Progress(string message) => progress.WriteLine(message, new Style(Color.Grey));

    /// <summary>Asks a person; without a terminal there is none, and the answer is no.</summary>
    public bool Ask(string question) =>
        progress.Profile.Capabilities.Interactive && !Console.IsInputRedirected && progress.Confirm(question, defaultValue: false);

    /// <summary>A line of another process, as it is.</summary>
    public void Log(string line) => progress.WriteLine(line);

    /// <summary>Why the command failed.</summary>
    public void Failure(int code, string message)
    {
        foreach (var line in message.Split('\n'))
        {
            progress.Write(new Text("error: ", new Style(Color.Red)));
            progress.WriteLine(line);
        }

        if (Format == OutputFormat.Json)
        {
            Document(new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } });
        }
    }

    private static IAnsiConsole Terminal(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });
        if (redirected)
        {
            console.Profile.Width = UnwrappedWidth;
        }

        return console;
    }
}
