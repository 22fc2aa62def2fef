using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json;
using Bootstrapper.Http;
using Spectre.Console;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper status [--url URL]</c></summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var url = CommonOptions.WithDefault("--url", "URL", "Where the bootstrapper answers.", fallback: "http://127.0.0.1");
        var command = new Command("status", """
            Shows the state of a running bootstrapper's parts: the services, the boot loaders, the releases.

            Exit code 0 when every part is ready, 69 when one is not or there is no answer.
            """) { url };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(url),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string url, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            using var http = new HttpClient { Timeout = Patience };
            // 503 has an answer too
            using var response = await http.GetAsync(new Uri(url.TrimEnd('/') + "/readyz"), cancellation);
            var view = await response.Content.ReadFromJsonAsync<ReadyView>(cancellation);
            Print(view!, output);
            return view!.Ready ? ExitCode.Success : ExitCode.Unavailable;
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or JsonException
            or UriFormatException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            await error.WriteLineAsync($"error: {url} does not answer as expected: {failure.Message}");
            return ExitCode.Unavailable;
        }
    }

    private static void Print(ReadyView view, TextWriter output)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false }.AddColumns("part", "state", "detail");
        foreach (var part in view.Parts)
        {
            var state = part.Degraded ? "degraded" : part.Ready ? "ready" : "NOT READY";
            table.AddRow(new Text(part.Name), new Text(state), new Text(string.Join('\n', part.Detail)));
        }

        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }).Write(table);
    }
}
