using BinAuthz.Yaml;

namespace BinAuthz.Approval.Reading;

/// <summary>An approval policy that cannot be used, with everything that is wrong with it.</summary>
internal sealed class ApprovalPolicyException(IReadOnlyList<ConfigurationError> errors)
    : Exception("The approval policy cannot be used:" + Environment.NewLine + string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<ConfigurationError> Errors { get; } = errors;
}
