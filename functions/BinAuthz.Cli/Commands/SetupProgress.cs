using BinAuthz.Setup;

namespace BinAuthz.Cli.Commands;

/// <summary>Tells of the steps of a setup in their order; <see cref="Progress{T}"/> would let them overtake each other.</summary>
internal sealed class SetupProgress(Action<SetupStep> tell) : IProgress<SetupStep>
{
    public void Report(SetupStep value) => tell(value);
}
