using BinAuthz.Yaml;

namespace BinAuthz.Approval.Reading;

/// <summary>What reading a policy gave.</summary>
/// <param name="Policy">Null when there are errors.</param>
/// <param name="Errors">Everything that is wrong, in the order of the file.</param>
/// <param name="Warnings">What may be used and should be looked at, in the order of the file.</param>
internal sealed record PolicyReading(ApprovalPolicy? Policy, IReadOnlyList<ConfigurationError> Errors, IReadOnlyList<ConfigurationError> Warnings);
