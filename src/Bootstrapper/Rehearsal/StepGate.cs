namespace Bootstrapper.Rehearsal;

/// <summary>Has all machines begin each step of their lives together, so that it can be said what a step costs.</summary>
/// <param name="open">Is told of each step that begins.</param>
internal sealed class StepGate(int machines, int steps, Action<int> open)
{
    private readonly TaskCompletionSource[] _gates =
        [.. Enumerable.Range(0, steps).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];

    private readonly int[] _arrived = new int[steps];

    /// <summary>Each machine comes to each step once.</summary>
    public Task ArriveAsync(int step)
    {
        if (Interlocked.Increment(ref _arrived[step]) == machines)
        {
            open(step);
            _gates[step].SetResult();
        }

        return _gates[step].Task;
    }
}
