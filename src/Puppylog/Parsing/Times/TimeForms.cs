using Puppylog.Records;

namespace Puppylog.Parsing.Times;

/// <summary>The forms that a source's times were written in so far, the latest first; mostly there is one.</summary>
sealed class TimeForms
{
    /// <summary>A source of more forms has its times stored as they are written.</summary>
    const int Most = 16;

    readonly List<TimeForm> _forms = [];

    /// <summary>The form of a text that was read as a time; null for none.</summary>
    public TimeForm? Of(ReadOnlySpan<byte> text)
    {
        foreach (var known in _forms)
        {
            if (known.IsOf(text))
            {
                return known;
            }
        }

        if (_forms.Count == Most)
        {
            return null;
        }

        var form = TimeForm.Of(text, _forms.Count == 0 ? null : _forms[0]);
        if (form is not null)
        {
            _forms.Insert(0, form);
        }

        return form;
    }
}
