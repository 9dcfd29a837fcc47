using Google.Api;
using Google.Protobuf;

namespace BinAuthz.Emulator.Logging;

/// <summary>A change of configuration, as the audit log tells it.</summary>
/// <param name="Service">Such as <c>cloudkms.googleapis.com</c>.</param>
/// <param name="Method">As the service names it in its entries.</param>
/// <param name="Permission">What the caller needed.</param>
/// <param name="ResourceName">On which resource, <c>projects/P/…</c>.</param>
/// <param name="Resource">The monitored resource of the entry.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Response">The answer; null: the entry does not have it.</param>
internal sealed record AdminActivity(string Service, string Method, string Permission, string ResourceName, MonitoredResource Resource, IMessage Request, IMessage? Response);
