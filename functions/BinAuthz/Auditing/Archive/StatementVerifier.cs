using BinAuthz.Decisions;

namespace BinAuthz.Auditing.Archive;

/// <summary>Decides whether stored bytes are a statement that the audit key signed: first the signature over the stored bytes, only then what they say.</summary>
internal sealed class StatementVerifier(IAuditKeys keys)
{
    /// <summary>Verifies the statement that is stored in the place of a report.</summary>
    /// <returns>The statement, or what is wrong with it.</returns>
    public async Task<(SignedStatement? Statement, ChainFault? Fault)> VerifyAsync(ReportName name, ReadOnlyMemory<byte> stored, CancellationToken cancellationToken)
    {
        DsseEnvelope envelope;
        try
        {
            envelope = DsseEnvelope.Parse(stored);
        }
        catch (FormatException error)
        {
            return Wrong(name, ChainFaultKind.StatementUnreadable, $"It is no DSSE envelope: {error.Message}.");
        }

        if (envelope.PayloadType != ReportStatement.PayloadType)
        {
            return Wrong(name, ChainFaultKind.StatementUnreadable, $"Its payload is of type '{envelope.PayloadType}', not {ReportStatement.PayloadType}.");
        }

        if (envelope.Signatures is not [var signature])
        {
            return Wrong(name, ChainFaultKind.BadSignature, $"It carries {envelope.Signatures.Count} signatures, and a report has one.");
        }

        var found = await keys.FindAsync(signature.KeyId, cancellationToken).ConfigureAwait(false);
        if (found.Count == 0)
        {
            return Wrong(name, ChainFaultKind.UnknownKey, $"It is signed by '{signature.KeyId}', of which no public key can be had. If that version was disabled or destroyed, give its public key, from where you kept it, with --public-key.");
        }

        var covered = DsseEnvelope.Covered(envelope.PayloadType, envelope.Payload.Span);
        return found.Any(key => key.Verify(covered, signature.Value.Span))
            ? Read(name, envelope.Payload, stored, signature.KeyId)
            : Wrong(name, ChainFaultKind.BadSignature, $"The signature does not verify with {signature.KeyId} over the stored payload: one of the two was altered.");
    }

    private static (SignedStatement? Statement, ChainFault? Fault) Read(ReportName name, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte> stored, string keyId)
    {
        try
        {
            var statement = ReportStatementReader.Read(payload);
            return statement.Environment != name.Environment || statement.Time != name.Time
                ? Wrong(name, ChainFaultKind.StatementMisplaced, $"It is the statement of {new ReportName(statement.Environment, statement.Time)}, and was copied here.")
                : (new SignedStatement(statement, ReportStatement.DigestOf(stored.Span), keyId), null);
        }
        catch (FormatException error)
        {
            return Wrong(name, ChainFaultKind.StatementUnreadable, $"The signature verifies, but an unexpected message was signed: {error.Message}.");
        }
    }

    private static (SignedStatement? Statement, ChainFault? Fault) Wrong(ReportName name, ChainFaultKind kind, string detail) => (null, new ChainFault(kind, name.Statement, detail));
}
