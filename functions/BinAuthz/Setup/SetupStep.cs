namespace BinAuthz.Setup;

/// <summary>One thing that an environment needs.</summary>
/// <param name="Kind">Such as <c>key</c>.</param>
/// <param name="Resource">Its full name.</param>
/// <param name="Change">Whether it has to be made or changed; false: it is as it should be.</param>
/// <param name="Detail">In words.</param>
internal sealed record SetupStep(string Kind, string Resource, bool Change, string Detail);
