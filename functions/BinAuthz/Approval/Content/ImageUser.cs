using System.Globalization;

namespace BinAuthz.Approval.Content;

/// <summary>The <c>User</c> of an image configuration, <c>user[:group]</c>, as a container runtime takes it.</summary>
/// <param name="Name">The part before the colon, without white space around it.</param>
/// <param name="Kind">What it is.</param>
internal readonly record struct ImageUser(string Name, ImageUserKind Kind)
{
    /// <summary>Reads the user. A number is decimal with an optional sign, as runtimes written in Go read it (docs: pkg.go.dev/strconv#Atoi).</summary>
    public static ImageUser Parse(string text)
    {
        var parts = text.Split(':');
        var name = parts[0].Trim();
        return new ImageUser(name, parts.Length > 2 ? ImageUserKind.Invalid : KindOf(name, parts[0]));
    }

    private static ImageUserKind KindOf(string name, string written)
    {
        if (name is "" or "root")
        {
            return ImageUserKind.Root;
        }

        var digits = name[0] is '+' or '-' ? name[1..] : name;
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit))
        {
            return name == written ? ImageUserKind.Named : ImageUserKind.Invalid;
        }

        if (digits.All(digit => digit == '0'))
        {
            return ImageUserKind.Root;
        }

        // containerd before 2.0.4 cut larger numbers to 32 bits, of which 0 may be left: CVE-2024-40635.
        return name == written && digits == name && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? ImageUserKind.Numeric : ImageUserKind.Invalid;
    }
}
