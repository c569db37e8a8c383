using Puppylog.Query.Execution;
using Puppylog.Records;

namespace Puppylog.App.Cli.Search;

/// <summary>Prints a query's rows to a buffer. Notices whether there were any.</summary>
abstract class ResultWriter(OutputBuffer output) : IResultSink
{
    RecordView? _view;

    /// <summary>True where at least one row was printed.</summary>
    public bool HasRows { get; private set; }

    public virtual bool ReadsRaw => false;

    protected OutputBuffer Output => output;

    public bool Write(RecordView view, ReadOnlySpan<int> rows)
    {
        if (!ReferenceEquals(view, _view))
        {
            // First, so that a damaged column is noticed before anything of the view is printed.
            Bind(view);
            _view = view;
        }

        foreach (var row in rows)
        {
            HasRows = true;
            var start = output.Length;
            try
            {
                WriteRow(row);
            }
            catch (CorruptDataException)
            {
                output.Truncate(start);
                throw;
            }

            if (!output.EndRecord())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The query, or a part of it, has ended: prints what was held back and empties the buffer.</summary>
    public virtual void Complete() => output.Flush();

    /// <summary>Looks up the columns of the view that rows come from next.</summary>
    protected abstract void Bind(RecordView view);

    protected abstract void WriteRow(int row);
}
