using System.CommandLine;
using Bootstrapper.Http.Operators;
using Bootstrapper.Power;

namespace Bootstrapper.Cli;

/// <summary>
/// The same request for several machines, at the same time. One that fails keeps none of the others from being shown.
/// </summary>
internal static class EachMachine
{
    /// <summary>Of requests.</summary>
    public const int AtOnce = Bmcs.AtOnce;

    /// <param name="ask">Is told the machine's MAC address.</param>
    /// <exception cref="ApiException">The last that failed; or it was called off.</exception>
    public static async Task AskAsync<T>(
        ParseResult parsed,
        Listing<T> listing,
        IReadOnlyList<NodeView> machines,
        Func<string, CancellationToken, Task<T>> ask,
        CancellationToken cancellation)
        where T : class
    {
        var answers = new (T? View, ApiException? Failure)[machines.Count];
        try
        {
            await AskAsync(machines, ask, answers, cancellation);
        }
        catch (OperationCanceledException)
        {
            throw new ApiException(
                ExitCode.Stopped, "stopped before all had answered; what was begun, the bootstrapper brings to its end");
        }

        Show(parsed, listing, answers);
    }

    private static Task AskAsync<T>(
        IReadOnlyList<NodeView> machines,
        Func<string, CancellationToken, Task<T>> ask,
        (T? View, ApiException? Failure)[] answers,
        CancellationToken cancellation)
        where T : class => Parallel.ForEachAsync(
            machines.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (one, end) =>
            {
                try
                {
                    answers[one.Index] = (await ask($"{one.Item.Mac}", end), null);
                }
                catch (ApiException e)
                {
                    answers[one.Index] = (null, e);
                }
            });

    private static void Show<T>(
        ParseResult parsed, Listing<T> listing, IReadOnlyList<(T? View, ApiException? Failure)> answers)
        where T : class
    {
        if (answers.Select(answer => answer.View).OfType<T>().ToList() is { Count: > 0 } views)
        {
            listing.Write(parsed, views);
        }

        var failures = answers.Select(answer => answer.Failure).OfType<ApiException>().ToList();
        foreach (var failure in failures.SkipLast(1))
        {
            parsed.InvocationConfiguration.Error.WriteLine($"error: {failure.Message}");
        }

        if (failures is [.., var last])
        {
            throw last;
        }
    }
}
