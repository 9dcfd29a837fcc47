using BinAuthz.Alerting.Secrets;

namespace BinAuthz.Alerting.Channels;

/// <summary>E-mail through an SMTP server.</summary>
/// <param name="Name">The channel's name.</param>
/// <param name="Host">The server.</param>
/// <param name="Port">465 is encrypted from the start, every other one by STARTTLS.</param>
/// <param name="From">The sender's address.</param>
/// <param name="To">The receivers' addresses.</param>
/// <param name="AllowPrivate">Whether the server may be in a private network.</param>
internal sealed record EmailSettings(string Name, string Host, int Port, string From, IReadOnlyList<string> To, bool AllowPrivate) : ChannelSettings(Name)
{
    /// <inheritdoc />
    public override IEnumerable<SecretReference> Secrets => Password is null ? [] : [Password];

    /// <summary>Who logs in; empty: nobody does.</summary>
    public string User { get; init; } = "";

    /// <summary>The user's password; null when nobody logs in.</summary>
    public SecretReference? Password { get; init; }

    /// <summary>Whether the connection is encrypted. Only a server on this machine is spoken to without.</summary>
    public bool Encrypted { get; init; } = true;
}
