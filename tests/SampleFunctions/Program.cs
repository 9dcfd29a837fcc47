using Google.Cloud.Functions.Hosting;
using SampleFunctions;

return await EntryPoint.StartAsync(typeof(EchoFunction).Assembly, args);
