using System.CommandLine;
using System.CommandLine.Parsing;

namespace BinAuthz.Cli.Commands;

/// <summary>A length of time, such as <c>90d</c>.</summary>
internal sealed class DurationOption : Option<TimeSpan>
{
    /// <param name="name">With its dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="standard">Without the option.</param>
    /// <param name="allowsZero">Whether 0 can be written.</param>
    public DurationOption(string name, string description, TimeSpan standard, bool allowsZero = false)
        : base(name)
    {
        Description = $"{description} A number and m, h or d{(allowsZero ? ", or 0" : "")}.";
        HelpName = "duration";
        DefaultValueFactory = _ => standard;
        CustomParser = result => Read(result, name, allowsZero);
    }

    private static TimeSpan Read(ArgumentResult result, string name, bool allowsZero)
    {
        var text = result.Tokens[0].Value;
        if (allowsZero && text == "0")
        {
            return TimeSpan.Zero;
        }

        if (!DurationText.TryParse(text, out var duration))
        {
            result.AddError($"{name} '{text}' is no length of time: write a number and m, h or d, such as 24h{(allowsZero ? ", or 0" : "")}.");
        }

        return duration;
    }
}
