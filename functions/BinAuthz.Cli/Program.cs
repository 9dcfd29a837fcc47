using BinAuthz.Cli;

return await BinAuthzTool.RunAsync(args, Console.Out, Console.Error, CancellationToken.None).ConfigureAwait(false);
