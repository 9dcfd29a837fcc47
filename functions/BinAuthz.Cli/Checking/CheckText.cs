using BinAuthz.Admission;
using Spectre.Console;

namespace BinAuthz.Cli.Checking;

/// <summary>A check for people: each image with what decided, and below a denial its reasons and remedies.</summary>
internal static class CheckText
{
    /// <summary>Prints everything.</summary>
    public static void Write(IAnsiConsole people, CheckReport report)
    {
        foreach (var error in report.Errors)
        {
            people.WriteLine($"{error.At}: error: {error.Rule} {error.Remedy}", new Style(Color.Red));
        }

        foreach (var warning in report.Warnings)
        {
            people.WriteLine($"warning: {warning}", new Style(Color.Yellow));
        }

        foreach (var (workload, image) in report.Workloads.SelectMany(each => each.Images.Select(image => (each.Workload, image))))
        {
            Write(people, workload, image);
        }
    }

    private static void Write(IAnsiConsole people, Workload workload, ImageAdmission image)
    {
        var colour = image.IsBlocked ? Color.Red : image.IsDenied || image.Enforcement == AdmissionEnforcement.BreakGlass ? Color.Yellow : Color.Green;
        var container = image.Container;
        people.WriteLine($"{Verdict(image)}: {container.Image} ({workload}, container {container.Name}, {container.At.File}:{container.At.Line}) by {image.Basis}", new Style(colour));
        if (image.IsDenied)
        {
            people.WriteLine($"  {image.Message}");
        }

        foreach (var denial in image.Denials)
        {
            people.WriteLine($"  {denial.Cause.Code()}: {denial.Detail}");
            people.WriteLine($"    remedy: {denial.Remedy}");
        }
    }

    private static string Verdict(ImageAdmission image) => (image.IsDenied, image.Enforcement) switch
    {
        (true, AdmissionEnforcement.Enforced) => "denied",
        (true, AdmissionEnforcement.DryRun) => "admitted in a dry run, else denied",
        (true, _) => "admitted by break-glass, else denied",
        (false, AdmissionEnforcement.BreakGlass) => "admitted, break-glass was not needed",
        _ => "admitted",
    };
}
