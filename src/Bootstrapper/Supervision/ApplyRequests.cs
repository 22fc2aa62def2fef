using System.Threading.Channels;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;

namespace Bootstrapper.Supervision;

/// <summary>What operators want to be put into force, one after the other.</summary>
internal sealed class ApplyRequests
{
    private readonly Channel<ApplyRequest> _waiting = Channel.CreateUnbounded<ApplyRequest>();

    /// <summary>There is another one.</summary>
    public event Action? Asked;

    /// <returns>When it is in force, or why it is not.</returns>
    public Task<Applied> ApplyAsync(ApplyRequest request)
    {
        _waiting.Writer.TryWrite(request);
        Asked?.Invoke();
        return request.Done.Task;
    }

    public ApplyRequest? Take() => _waiting.Reader.TryRead(out var request) ? request : null;
}

/// <param name="Text">Takes the place of the description on disk; <c>null</c> for that one.</param>
/// <param name="Accept">
/// Is given what is in force and what would be; returns why it must not be. After it, it will be: who asked and why is on the
/// audit trail by then.
/// </param>
internal sealed record ApplyRequest(string? Text, Func<Snapshot, Snapshot, string?> Accept)
{
    public TaskCompletionSource<Applied> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <param name="Refusal">Why nothing was changed; <c>null</c> where it was.</param>
/// <param name="Problems">What is wrong, or to be known.</param>
internal sealed record Applied(string? Refusal, IReadOnlyList<Problem> Problems)
{
    /// <summary>It is the one that counts, and in force as soon as the bootstrapper is started again.</summary>
    public bool AwaitsRestart { get; init; }

    public bool IsInForce => !AwaitsRestart && Refusal is null && Problems.All(problem => problem.Severity != Severity.Error);
}
