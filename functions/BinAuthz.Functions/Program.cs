using BinAuthz.Functions;

return await FunctionServer.RunAsync(args, [FunctionTarget.Of<SignImageFunction>()], new Startup());
