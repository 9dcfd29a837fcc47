using BinAuthz.Functions;

return await FunctionServer.RunAsync(args, [
    FunctionTarget.Of<SignImageFunction>(new SignImageStartup()),
    FunctionTarget.Of<AlertOnDenialFunction>(new AlertOnDenialStartup()),
    FunctionTarget.Of<RotateKeyFunction>(new RotateKeyStartup()),
    FunctionTarget.Of<AuditAttestationsFunction>(new AuditAttestationsStartup()),
]);
