using BinAuthz.Yaml;

namespace BinAuthz.Alerting.Reading;

/// <summary>A channel as the file declares it.</summary>
/// <param name="At">Where its name stands.</param>
/// <param name="Name">Its name.</param>
/// <param name="Settings">Null: they have errors.</param>
internal sealed record DeclaredChannel(YamlValue At, string Name, ChannelSettings? Settings);
