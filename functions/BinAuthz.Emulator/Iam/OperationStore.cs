using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.LongRunning;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.Iam;

/// <summary>Long-running operations, which are done as soon as they exist.</summary>
internal sealed class OperationStore(EmulatorStore store)
{
    private readonly Table<Operation> operations = store.Table("operation", Operation.Parser);

    /// <summary>An operation under <paramref name="parent"/> that ended with <paramref name="response"/>.</summary>
    public Operation Done(string parent, IMessage response)
    {
        var operation = new Operation { Name = $"{parent}/operations/{Guid.NewGuid()}", Done = true, Response = Any.Pack(response) };
        operations.Set(operation.Name, operation);
        return operation;
    }

    public Operation Get(string name) => operations.Find(name) ?? throw Errors.NotFound($"Operation {name} not found.");

    public IReadOnlyList<Operation> List(string parent) => operations.List($"{parent}/operations");
}
