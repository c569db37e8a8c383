import './design/tokens.css';
import './design/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { listen } from './state/page.svelte';
import { startLook } from './state/settings.svelte';

startLook();
listen();
mount(App, { target: document.getElementById('page')! });
